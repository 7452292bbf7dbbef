package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine names the machine: its processor, where the system says it, its
// cores, and the Go that the program was built with.
func machine() string {
	cpu := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		cpu = model(string(info), cpu)
	}
	return fmt.Sprintf("%s, %d cores, %s %s/%s", cpu, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// model returns the first processor's model that the lines of cpuinfo name, or
// otherwise what else is given.
func model(cpuinfo, otherwise string) string {
	for line := range strings.Lines(cpuinfo) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return otherwise
}
