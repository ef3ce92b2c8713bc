package global

// A Certificate is the proof of an Answer in a form that can be checked again
// without searching: the claim, and the reasons why nothing lower is left.
type Certificate struct {
	Schema    string   `json:"schema"` // "nabla-certificate/1"
	Formula   string   `json:"formula"`
	Variables []string `json:"variables"`
}
