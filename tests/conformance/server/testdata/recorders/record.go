package PACKAGE

import (
	"encoding/json"
	"os"
	"regexp"
	"runtime"
	"sync"
)

var recording sync.Mutex

// call is one call of a function: what it was given and what it gave.
type call map[string]any

// record appends a call to the file that RECORD names, as a line of JSON, with the test that it is of.
func record(one call) {
	one["test"] = running()
	line, err := json.Marshal(one)
	if err != nil {
		return // Not all that Go's tests make can be written as JSON.
	}
	recording.Lock()
	defer recording.Unlock()
	file, err := os.OpenFile(os.Getenv("RECORD"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.Write(append(line, '\n')); err != nil {
		panic(err)
	}
}

var test = regexp.MustCompile(`\.([Tt]est\w+)`)

// running is the name of the test that runs, as the outermost frame of the stack has it.
func running() string {
	name, places := "init", make([]uintptr, 64)
	frames := runtime.CallersFrames(places[:runtime.Callers(1, places)])
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if found := test.FindStringSubmatch(frame.Function); found != nil {
			name = found[1]
		}
	}
	return name
}

// problem is the text of an error, nothing where there is none.
func problem(err error) any {
	if err == nil {
		return nil
	}
	return err.Error()
}
