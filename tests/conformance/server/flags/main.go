// Prints the flags of kubectl's commands as JSON: `go run -mod=mod ./flags` in a copy of the folder above, because
// kubectl has modules that the servers have not. Recorded by tests/conformance/flags.py, never written by hand.
package main

import (
	"encoding/json"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/component-base/logs"
	"k8s.io/kubectl/pkg/cmd"
)

// A flag is its shorthand, its default, what it means without a value, its type, and why it is deprecated.
type flag [5]string

func main() {
	root := cmd.NewKubectlCommand(cmd.KubectlOptions{
		ConfigFlags: genericclioptions.NewConfigFlags(true).WithDeprecatedPasswordFlag(),
		IOStreams:   genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr},
	})
	// As the main function of kubectl does (`cli.RunNoErrOutput`).
	logs.AddFlags(root.PersistentFlags())
	found := map[string]map[string]flag{"": flags(root.PersistentFlags())}
	for _, command := range root.Commands() {
		add(found, command, "")
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

func add(found map[string]map[string]flag, command *cobra.Command, before string) {
	name := before + command.Name()
	found[name] = flags(command.Flags())
	for _, below := range command.Commands() {
		add(found, below, name+" ")
	}
}

func flags(set *pflag.FlagSet) map[string]flag {
	found := map[string]flag{}
	set.VisitAll(func(one *pflag.Flag) {
		found[one.Name] = flag{one.Shorthand, one.DefValue, one.NoOptDefVal, one.Value.Type(), one.Deprecated}
	})
	return found
}
