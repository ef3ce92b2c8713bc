package interval
import ("testing";"fmt")
func TestQ(t *testing.T){
 fmt.Println(Point(2).Add(Point(2)), Point(.1).Add(Point(.2)), Point(3).Div(Point(7)), Gamma(Point(.5)), Gamma(New(-1.7,-1.2)), Lgamma(New(-1.7,-1.2)),Digamma(Point(1)),Trigamma(Point(1)),Digamma(Point(-.5)),Trigamma(Point(-.5)),LambertW(Point(1)),LambertW(New(-1,5)),LambertW(Point(1e300)),LambertW(Point(-.3678)),LambertW(Point(-0.36787944117144227851)))
 fmt.Println(Point(2).Pow(Point(.3)),Point(2).Root(3),Point(27).Cbrt(),Point(3).PowInt(5),Point(1.1).PowInt(1000),Sin(New(1,2)),Cos(New(-1,4)),Tan(New(1,2)),Sinc(New(5,5.1)),Atan2(New(-1,1),New(1,2)),Point(2).Pow(New(-1,3)), Log2(Point(8)), Log10(Point(1000)), Log10(Point(.1)))
}
