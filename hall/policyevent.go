package hall

import (
	"errors"
	"fmt"
)

// PolicyEvent is the hall's policy from its effective date on.
type PolicyEvent struct {
	Head
	Policy *Policy
}

func (*PolicyEvent) isFact() {}

func readPolicyEvent(r *reader, h Head) Fact {
	const want = "the policy document as a JSON object"
	doc := r.need("policy")
	if !doc.given(want) {
		return nil
	}
	policy, err := DecodePolicy(doc.value)
	if err != nil {
		r.rejectPolicy(err)
		return nil
	}
	return &PolicyEvent{Head: h, Policy: policy}
}

// rejectPolicy names the first thing that is wrong with a policy, and how many
// others there are.
func (r *reader) rejectPolicy(err error) {
	errs, ok := errors.AsType[PolicyErrors](err)
	if !ok || len(errs) == 0 {
		r.reject("policy", "bad", "", err.Error())
		return
	}
	reason := "bad policy: " + errs[0].Error()
	if more := len(errs) - 1; more > 0 {
		reason += fmt.Sprintf("; and %d more, which `rollcall policy check` shows", more)
	}
	r.err = &Rejection{Field: "policy", Reason: reason, Value: errs[0].Value, Allowed: errs[0].Allowed}
}
