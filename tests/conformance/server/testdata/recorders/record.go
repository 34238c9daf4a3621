package PACKAGE

import (
	"encoding/json"
	"os"
	"sync"
)

var recording sync.Mutex

// call is one call of a function: what it was given and what it gave.
type call map[string]any

// record appends a call to the file that RECORD names, as a line of JSON.
func record(one call) {
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

// problem is the text of an error, nothing where there is none.
func problem(err error) any {
	if err == nil {
		return nil
	}
	return err.Error()
}
