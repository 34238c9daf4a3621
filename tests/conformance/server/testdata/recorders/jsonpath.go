// real: func (j *JSONPath) Parse(
// real: func (j *JSONPath) Execute(
package jsonpath

import (
	"bytes"
	"io"
	"sync"
)

var texts sync.Map

// Parse is the real one, recorded.
func (j *JSONPath) Parse(text string) error {
	err := j.realParse(text)
	record(call{"call": "parse", "text": text, "error": problem(err)})
	texts.Store(j, text)
	return err
}

// Execute is the real one, recorded.
func (j *JSONPath) Execute(wr io.Writer, data interface{}) error {
	written := new(bytes.Buffer)
	err := j.realExecute(io.MultiWriter(wr, written), data)
	text, _ := texts.Load(j)
	record(call{
		"call": "execute", "text": text, "data": data, "missing": j.allowMissingKeys, "json": j.outputJSON,
		"out": written.String(), "error": problem(err),
	})
	return err
}
