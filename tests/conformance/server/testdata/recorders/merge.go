// real: func (s *Updater) Update(
// real: func (s *Updater) Apply(
package merge

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// Update is the real one, recorded.
func (s *Updater) Update(
	live, newObject *typed.TypedValue, version fieldpath.APIVersion, managers fieldpath.ManagedFields, manager string,
) (*typed.TypedValue, fieldpath.ManagedFields, error) {
	one := s.asked(live, newObject, version, managers, manager)
	out, after, err := s.realUpdate(live, newObject, version, managers, manager)
	one["call"] = "update"
	answered(one, out, after, err)
	return out, after, err
}

// Apply is the real one, recorded.
func (s *Updater) Apply(
	live, config *typed.TypedValue, version fieldpath.APIVersion, managers fieldpath.ManagedFields,
	manager string, force bool,
) (*typed.TypedValue, fieldpath.ManagedFields, error) {
	one := s.asked(live, config, version, managers, manager)
	out, after, err := s.realApply(live, config, version, managers, manager, force)
	one["call"], one["force"] = "apply", force
	answered(one, out, after, err)
	return out, after, err
}

func (s *Updater) asked(
	live, object *typed.TypedValue, version fieldpath.APIVersion, managers fieldpath.ManagedFields, manager string,
) call {
	types := map[string]any{string(version): typed.Recorded(live.Schema(), live.TypeRef())}
	converts := false
	for _, set := range managers {
		if at, err := s.Converter.Convert(live, set.APIVersion()); err == nil {
			types[string(set.APIVersion())] = typed.Recorded(at.Schema(), at.TypeRef())
			// A conversion that changes the object: fkube's cluster has none.
			converts = converts || !bytes.Equal(typed.RecordedValue(at.AsValue()), typed.RecordedValue(live.AsValue()))
		} else if _, known := types[string(set.APIVersion())]; !known {
			types[string(set.APIVersion())] = nil
		}
	}
	return call{
		"live": typed.RecordedValue(live.AsValue()), "object": typed.RecordedValue(object.AsValue()),
		"version": version, "managers": told(managers), "manager": manager, "types": types,
		"converter": fmt.Sprintf("%T", s.Converter), "converts": converts, "ignored": typed.RecordedSet(s.IgnoredFields[version]),
		"filters": len(s.IgnoreFilter),
	}
}

func answered(one call, out *typed.TypedValue, after fieldpath.ManagedFields, err error) {
	if conflicts, ok := err.(Conflicts); ok {
		one["conflicts"] = typed.RecordedSet(conflicts.ToSet())
	}
	one["error"], one["after"] = problem(err), told(after)
	if out != nil {
		one["out"] = typed.RecordedValue(out.AsValue())
	}
	record(one)
}

func told(managers fieldpath.ManagedFields) map[string]any {
	all := map[string]any{}
	for name, set := range managers {
		all[name] = []any{set.APIVersion(), set.Applied(), typed.RecordedSet(set.Set())}
	}
	return all
}
