// real: func (tv TypedValue) Validate(
// real: func (tv TypedValue) ToFieldSet(
// real: func (tv TypedValue) Merge(
// real: func (tv TypedValue) Compare(
// real: func (tv TypedValue) RemoveItems(
// real: func ReconcileFieldSetWithSchema(
package typed

import (
	"encoding/json"
	"slices"

	"go.yaml.in/yaml/v2"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// Recorded is the type of a value as YAML: the named types, and which one it is.
func Recorded(s *schema.Schema, ref schema.TypeRef) string {
	text, err := yaml.Marshal(map[string]any{"types": s.Types, "ref": ref})
	if err != nil {
		return ""
	}
	return string(text)
}

// RecordedValue is a value as JSON; null where there is none.
func RecordedValue(v value.Value) json.RawMessage {
	if v == nil {
		return json.RawMessage("null")
	}
	text, err := value.ToJSON(v)
	if err != nil {
		return json.RawMessage(`"no JSON"`)
	}
	return text
}

// RecordedSet is a set of fields as it is written in managedFields.
func RecordedSet(set *fieldpath.Set) json.RawMessage {
	if set == nil {
		return json.RawMessage("null")
	}
	text, err := set.ToJSON()
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}

// Validate is the real one, recorded.
func (tv TypedValue) Validate(opts ...ValidationOptions) error {
	err := tv.realValidate(opts...)
	record(call{
		"call": "validate", "type": Recorded(tv.schema, tv.typeRef), "value": RecordedValue(tv.value),
		"duplicates": slices.Contains(opts, AllowDuplicates), "error": problem(err),
	})
	return err
}

// ToFieldSet is the real one, recorded.
func (tv TypedValue) ToFieldSet() (*fieldpath.Set, error) {
	out, err := tv.realToFieldSet()
	record(call{
		"call": "fields", "type": Recorded(tv.schema, tv.typeRef), "value": RecordedValue(tv.value),
		"out": RecordedSet(out), "error": problem(err),
	})
	return out, err
}

// Merge is the real one, recorded.
func (tv TypedValue) Merge(pso *TypedValue) (*TypedValue, error) {
	out, err := tv.realMerge(pso)
	one := call{
		"call": "merge", "type": Recorded(tv.schema, tv.typeRef), "value": RecordedValue(tv.value),
		"other": RecordedValue(pso.value), "error": problem(err),
	}
	if err == nil {
		one["out"] = RecordedValue(out.value)
	}
	record(one)
	return out, err
}

// Compare is the real one, recorded.
func (tv TypedValue) Compare(rhs *TypedValue) (*Comparison, error) {
	out, err := tv.realCompare(rhs)
	one := call{
		"call": "compare", "type": Recorded(tv.schema, tv.typeRef), "value": RecordedValue(tv.value),
		"other": RecordedValue(rhs.value), "error": problem(err),
	}
	if err == nil {
		one["out"] = []any{RecordedSet(out.Removed), RecordedSet(out.Modified), RecordedSet(out.Added)}
	}
	record(one)
	return out, err
}

// RemoveItems is the real one, recorded.
func (tv TypedValue) RemoveItems(items *fieldpath.Set) *TypedValue {
	out := tv.realRemoveItems(items)
	record(call{
		"call": "remove", "type": Recorded(tv.schema, tv.typeRef), "value": RecordedValue(tv.value),
		"fields": RecordedSet(items), "out": RecordedValue(out.value),
	})
	return out
}

// ReconcileFieldSetWithSchema is the real one, recorded.
func ReconcileFieldSetWithSchema(fieldset *fieldpath.Set, tv *TypedValue) (*fieldpath.Set, error) {
	out, err := realReconcileFieldSetWithSchema(fieldset, tv)
	record(call{
		"call": "reconcile", "type": Recorded(tv.schema, tv.typeRef), "fields": RecordedSet(fieldset),
		"out": RecordedSet(out), "error": problem(err),
	})
	return out, err
}
