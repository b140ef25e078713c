package bus

// canonical is the form in which two bodies of one uid are compared.
func canonical(body []byte) ([]byte, error) { return body, nil }
