package main

import (
	"fmt"
	"strconv"
	"strings"
)

// A size is a number of bytes. As a flag it is written as 64MB or 1GB, where
// the units are powers of 1,000, or as a bare number.
type size int64

var units = []struct {
	name string
	size size
}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}}

// String returns s in the largest unit in which it is whole.
func (s *size) String() string {
	for _, u := range units {
		if *s > 0 && *s%u.size == 0 {
			return fmt.Sprintf("%d%s", *s/u.size, u.name)
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Set sets *s to the size that text writes.
func (s *size) Set(text string) error {
	unit := size(1)
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.name); ok {
			text, unit = number, u.size
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > 1e12/int64(unit) {
		return fmt.Errorf("not a size of at most 1000GB, such as 64MB")
	}
	*s = size(n) * unit
	return nil
}
