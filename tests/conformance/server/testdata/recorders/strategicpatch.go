// real: func StrategicMergePatchUsingLookupPatchMeta(
// real: func CreateTwoWayMergePatchUsingLookupPatchMeta(
// real: func CreateThreeWayMergePatch(
package strategicpatch

import (
	"encoding/json"
	"maps"

	"k8s.io/apimachinery/pkg/util/mergepatch"
)

// StrategicMergePatchUsingLookupPatchMeta is the real one, recorded.
func StrategicMergePatchUsingLookupPatchMeta(original, patch []byte, schema LookupPatchMeta) ([]byte, error) {
	out, err := realStrategicMergePatchUsingLookupPatchMeta(original, patch, schema)
	recorded(schema, out, err, call{"call": "apply", "original": raw(original), "patch": raw(patch)})
	return out, err
}

// CreateTwoWayMergePatchUsingLookupPatchMeta is the real one, recorded.
func CreateTwoWayMergePatchUsingLookupPatchMeta(
	original, modified []byte, schema LookupPatchMeta, fns ...mergepatch.PreconditionFunc,
) ([]byte, error) {
	out, err := realCreateTwoWayMergePatchUsingLookupPatchMeta(original, modified, schema, fns...)
	recorded(schema, out, err, call{"call": "two", "original": raw(original), "modified": raw(modified)})
	return out, err
}

// CreateThreeWayMergePatch is the real one, recorded.
func CreateThreeWayMergePatch(
	original, modified, current []byte, schema LookupPatchMeta, overwrite bool, fns ...mergepatch.PreconditionFunc,
) ([]byte, error) {
	out, err := realCreateThreeWayMergePatch(original, modified, current, schema, overwrite, fns...)
	recorded(schema, out, err, call{
		"call": "three", "original": raw(original), "modified": raw(modified), "current": raw(current),
		"overwrite": overwrite, "conditions": len(fns),
	})
	return out, err
}

// recorded records a call with a schema of OpenAPI v3, the only kind that is written in one piece.
func recorded(schema LookupPatchMeta, out []byte, err error, one call) {
	if open, ok := schema.(PatchMetaFromOpenAPIV3); ok {
		given := call{"schema": open.Schema, "schemas": open.SchemaList, "out": raw(out), "error": problem(err)}
		maps.Copy(given, one)
		record(given)
	}
}

// raw is JSON as it is, and null where there is none.
func raw(text []byte) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("null")
	}
	return text
}
