// real: func parseSelector(
// real: func (t *hasTerm) Matches(
// real: func (t *notHasTerm) Matches(
// real: func (t andTerm) Matches(
package fields

func parseSelector(selector string, fn TransformFunc) (Selector, error) {
	found, err := realparseSelector(selector, fn)
	if err != nil {
		record(call{"call": "parse", "text": selector, "error": err.Error()})
	} else {
		record(call{"call": "parse", "text": selector, "out": found.String()})
	}
	return found, err
}

// Matches is the real one, recorded.
func (t *hasTerm) Matches(ls Fields) bool { return matched(t, ls, t.realMatches(ls)) }

// Matches is the real one, recorded.
func (t *notHasTerm) Matches(ls Fields) bool { return matched(t, ls, t.realMatches(ls)) }

// Matches is the real one, recorded.
func (t andTerm) Matches(ls Fields) bool { return matched(t, ls, t.realMatches(ls)) }

func matched(selector Selector, fields Fields, matches bool) bool {
	if set, ok := fields.(Set); ok {
		record(call{"call": "matches", "text": selector.String(), "fields": set, "out": matches})
	}
	return matches
}
