// Prints how the API's kinds are written in protobuf, as JSON: `go run ./messages`. Recorded, never written by hand.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
)

// A field is its name in JSON ("" where it is inlined), its type, and whether its zero is written.
type field [3]any

type tables struct {
	Kinds    map[string]string           `json:"kinds"`
	Messages map[string]map[string]field `json:"messages"`
}

func main() {
	found := tables{map[string]string{}, map[string]map[string]field{}}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if gvk.Version == runtime.APIVersionInternal || strings.HasSuffix(gvk.Kind, "List") || gvk.Kind == "WatchEvent" {
			continue
		}
		if strings.HasSuffix(gvk.Kind, "Options") && gvk.Kind != "DeleteOptions" {
			continue
		}
		found.Kinds[gvk.GroupVersion().String()+"/"+gvk.Kind] = found.typed(t)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

// typed is the type of a value as the decoder knows it: a scalar, a special, `[]T`, `{K}V` or the name of a message.
func (found *tables) typed(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return found.typed(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		if _, wrapped := reflect.New(t).Interface().(interface{ Marshal() ([]byte, error) }); wrapped {
			return "<" + found.typed(t.Elem())
		}
		return "[" + found.typed(t.Elem())
	case reflect.Map:
		return "{" + found.typed(t.Elem())
	case reflect.Struct:
		return found.message(strings.TrimPrefix(t.PkgPath(), "k8s.io/")+"."+t.Name(), t)
	case reflect.Int32, reflect.Int64, reflect.Int:
		return "int"
	default:
		return t.Kind().String()
	}
}

func (found *tables) message(name string, t reflect.Type) string {
	if _, known := found.Messages[name]; known || special[name] {
		return name
	}
	found.Messages[name] = map[string]field{}
	for i := range t.NumField() {
		f := t.Field(i)
		wire, ok := f.Tag.Lookup("protobuf")
		if !ok {
			continue
		}
		tag := strings.Split(f.Tag.Get("json"), ",")
		kept := f.Type.Kind() == reflect.Pointer || len(tag) == 1
		found.Messages[name][strings.Split(wire, ",")[1]] = field{tag[0], found.typed(f.Type), kept}
	}
	return name
}

// special are the messages whose JSON is another than their fields; the decoder knows each.
var special = map[string]bool{
	"apimachinery/pkg/apis/meta/v1.Time":       true,
	"apimachinery/pkg/apis/meta/v1.MicroTime":  true,
	"apimachinery/pkg/apis/meta/v1.Duration":   true,
	"apimachinery/pkg/apis/meta/v1.FieldsV1":   true,
	"apimachinery/pkg/api/resource.Quantity":   true,
	"apimachinery/pkg/util/intstr.IntOrString": true,
	"apimachinery/pkg/runtime.RawExtension":    true,
}
