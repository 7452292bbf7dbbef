package focus

// IsPlain reports whether an instant is of the forms that are read quickly.
func IsPlain(text string) bool {
	_, ok := plainInstant(text)
	return ok
}
