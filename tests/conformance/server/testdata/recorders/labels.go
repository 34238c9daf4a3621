// real: func Parse(
// real: func (s internalSelector) Matches(
package labels

import "k8s.io/apimachinery/pkg/util/validation/field"

// Parse is the real one, recorded.
func Parse(selector string, opts ...field.PathOption) (Selector, error) {
	found, err := realParse(selector, opts...)
	if err != nil {
		record(call{"call": "parse", "text": selector, "error": err.Error()})
	} else {
		record(call{"call": "parse", "text": selector, "out": found.String()})
	}
	return found, err
}

// Matches is the real one, recorded.
func (s internalSelector) Matches(l Labels) bool {
	matches := s.realMatches(l)
	if set, ok := l.(Set); ok {
		record(call{"call": "matches", "text": s.String(), "labels": set, "out": matches})
	}
	return matches
}
