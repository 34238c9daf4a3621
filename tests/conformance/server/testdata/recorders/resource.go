// real: func ParseQuantity(
package resource

// ParseQuantity is the real one, recorded: the value to a billionth.
func ParseQuantity(str string) (Quantity, error) {
	found, err := realParseQuantity(str)
	if err != nil {
		record(call{"call": "quantity", "text": str, "error": err.Error()})
	} else {
		record(call{"call": "quantity", "text": str, "out": found.AsDec().String()})
		found, err = realParseQuantity(str)
	}
	return found, err
}
