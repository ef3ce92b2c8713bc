package rational

import (
	"math/rand/v2"
	"testing"

	"nabla/expr/number"
)

// matrix returns a matrix of small fractions, many of them 0, with m rows and n columns.
func matrix(r *rand.Rand, m, n int) [][]number.Number {
	rows := make([][]number.Number, m)
	for i := range rows {
		rows[i] = make([]number.Number, n)
		for j := range rows[i] {
			if r.IntN(3) > 0 {
				rows[i][j] = number.Frac(int64(r.IntN(9)-4), int64(1+r.IntN(3)))
			}
		}
	}
	return rows
}

// times returns c·rows.
func times(c []number.Number, rows [][]number.Number) []number.Number {
	out := make([]number.Number, len(rows[0]))
	for i, row := range rows {
		for j, v := range row {
			out[j] = out[j].Add(c[i].Mul(v))
		}
	}
	return out
}

func isZero(a []number.Number) bool { return Dot(a, a).Sign() == 0 }

// Random matrices, some of which have a row that others give: what is returned is tried by multiplication.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		m, n := 1+r.IntN(5), 1+r.IntN(5)
		rows := matrix(r, m, n)
		if m > 2 && r.IntN(2) == 0 {
			rows[m-1] = times(matrix(r, 1, m-1)[0], rows[:m-1])
		}
		rank, relations := LeftKernel(rows)
		if rank+len(relations) != m || Rank(rows) != rank {
			t.Fatalf("%v: rank %d and %d, relations %v", rows, rank, Rank(rows), relations)
		}
		for _, c := range relations {
			if isZero(c) || !isZero(times(c, rows)) {
				t.Fatalf("%v: relation %v", rows, c)
			}
		}
		e := NewEchelon(n)
		for _, a := range rows {
			e.Include(a)
		}
		w := e.Kernel()
		if len(w) != n-rank || Rank(w) != len(w) {
			t.Fatalf("%v: kernel %v", rows, w)
		}
		for _, a := range rows {
			for _, v := range w {
				if Dot(a, v).Sign() != 0 {
					t.Fatalf("%v: %v is not in the kernel", rows, v)
				}
			}
		}
		if m != n {
			continue
		}
		inverse, ok := Inverse(rows)
		if ok != (rank == n) {
			t.Fatalf("%v: rank %d, inverse %v", rows, rank, inverse)
		}
		for i := range inverse {
			unit := times(inverse[i], rows)
			for j, v := range unit {
				if want := map[bool]number.Number{true: number.Int(1)}[i == j]; v.Cmp(want) != 0 {
					t.Fatalf("%v: inverse %v", rows, inverse)
				}
			}
		}
	}
}

func TestLongFractions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	rows := matrix(r, 3, 3)
	for i := range rows {
		rows[i][i] = number.Int(100)
	}
	if _, ok := Inverse(rows); !ok {
		t.Error("a matrix of short fractions has no inverse")
	}
	long, _ := number.Frac(1, 3).Pow(1500)
	rows[1][1] = rows[1][1].Add(long)
	if _, ok := Inverse(rows); ok {
		t.Error("an inverse of long fractions")
	}
}
