package focus

import "io"

// IsPlain reports whether an instant is of the forms that are read quickly.
func IsPlain(text string) bool {
	_, ok := plainInstant(text)
	return ok
}

// ReadGroups is Read with another limit than MaxGroups.
func ReadGroups(r io.Reader, o Options, most int) (Report, error) {
	o, err := o.check()
	if err != nil {
		return Report{}, err
	}
	x := newReader(r, o)
	x.groups = most
	return x.read()
}
