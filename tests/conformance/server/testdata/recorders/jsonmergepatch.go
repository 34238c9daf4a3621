// real: func CreateThreeWayJSONMergePatch(
package jsonmergepatch

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/util/mergepatch"
)

// CreateThreeWayJSONMergePatch is the real one, recorded.
func CreateThreeWayJSONMergePatch(
	original, modified, current []byte, fns ...mergepatch.PreconditionFunc,
) ([]byte, error) {
	out, err := realCreateThreeWayJSONMergePatch(original, modified, current, fns...)
	record(call{
		"call": "three", "original": raw(original), "modified": raw(modified), "current": raw(current),
		"out": raw(out), "error": problem(err),
	})
	return out, err
}

// raw is JSON as it is, and null where there is none.
func raw(text []byte) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("null")
	}
	return text
}
