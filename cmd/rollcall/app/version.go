package app

// What the program calls itself.

import "runtime/debug"

// Version names the program: the module's version, or the revision it was built
// from. It is part of every ETag, so that a new program is asked anew.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version, revision, modified := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				modified = "+dirty"
			}
		}
	}
	if version == "" || version == "(devel)" {
		version = "devel"
		if revision != "" {
			version += "-" + revision + modified
		}
	}
	return version
}
