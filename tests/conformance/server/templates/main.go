// Runs text/template as kubectl does, for comparison: a case as JSON on each line in, its result on each line out.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"text/template"
)

type request struct {
	Template string          `json:"template"`
	Data     json.RawMessage `json:"data"`
	Strict   bool            `json:"strict"`
}

// The text is in base64, since it need not be UTF-8.
type result struct {
	Text  []byte `json:"text"`
	Error string `json:"error"`
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for in.More() {
		var asked request
		if err := in.Decode(&asked); err != nil {
			panic(err)
		}
		text, err := run(asked)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if err := out.Encode(result{text, message}); err != nil {
			panic(err)
		}
	}
}

func run(asked request) (text []byte, err error) {
	defer func() {
		if found := recover(); found != nil {
			err = fmt.Errorf("caught panic: %+v", found)
		}
	}()
	made, err := template.New("output").Funcs(template.FuncMap{"exists": exists, "base64decode": decode}).Parse(asked.Template)
	if err != nil {
		return nil, err
	}
	if asked.Strict {
		made.Option("missingkey=error")
	}
	decoder := json.NewDecoder(bytes.NewReader(asked.Data))
	decoder.UseNumber()
	var data map[string]any
	if err := decoder.Decode(&data); err != nil {
		panic(err)
	}
	var buffer bytes.Buffer
	err = made.Execute(&buffer, typed(data))
	return buffer.Bytes(), err
}

// typed has numbers as apimachinery decodes them: int64 where they fit, else float64.
func typed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			value[key] = typed(member)
		}
	case []any:
		for i, item := range value {
			value[i] = typed(item)
		}
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		part, err := value.Float64()
		if err != nil {
			panic(err)
		}
		return part
	}
	return value
}

func decode(text string) (string, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("base64 decode failed: %v", err)
	}
	return string(data), nil
}

var errMissing = errors.New("missing")

// exists looks for keys and positions as cli-runtime's function does.
func exists(item any, path ...any) bool {
	value := reflect.ValueOf(item)
	for _, step := range path {
		next, err := inside(value, reflect.ValueOf(step))
		if err != nil {
			return false
		}
		value = next
	}
	return !value.IsValid() || value.Kind() != reflect.Interface || !value.IsNil()
}

func inside(value, step reflect.Value) (reflect.Value, error) {
	for value.Kind() == reflect.Interface {
		if value.IsNil() {
			return value, errMissing
		}
		value = value.Elem()
	}
	switch value.Kind() {
	case reflect.Slice, reflect.String:
		at := 0
		switch {
		case step.CanInt():
			at = int(step.Int())
		case step.CanUint():
			at = int(step.Uint())
		default:
			return value, errMissing
		}
		if at < 0 || at >= value.Len() {
			return value, errMissing
		}
		return value.Index(at), nil
	case reflect.Map:
		if !step.IsValid() {
			step = reflect.Zero(value.Type().Key())
		}
		if !step.Type().AssignableTo(value.Type().Key()) {
			return value, errMissing
		}
		if found := value.MapIndex(step); found.IsValid() {
			return found, nil
		}
		return reflect.Zero(value.Type().Elem()), nil
	}
	return value, errMissing
}
