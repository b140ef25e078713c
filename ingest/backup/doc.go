// Package backup is the form of a backup: the messages of the log, up to one
// sequence, in one file. The log is the truth, so it is all that a restore needs;
// the store is folded from it again, and the backup names the digest that the store
// must have then.
//
// The content is text with the bodies in between, each as long as its line says, so
// that any program can read it:
//
//	rollcall-backup 1
//	{"made":"2026-01-05T02:00:00Z", ...}            the Manifest, one line of JSON
//	1 2026-01-01T00:36:10.12Z rollcall.demo.punch.T01 88
//	{"id":"T01-77", ... }                           88 bytes and a newline
//	gap 2 5                                         messages that the log has lost
//	6 2026-01-01T00:36:11.5Z rollcall.demo.punch.T01 88
//	...
//	end 6 2 9f86d081...                             last sequence, messages, SHA-256 of all that stands before this line
//
// A message's line has its sequence, when the log took it, its subject and the length
// of its body. Headers are not kept: nothing is read from them.
//
// A file holds the content compressed (Zstandard), and that encrypted if recipients
// were named (age, https://age-encryption.org/v1): `age -d -i key FILE | zstd -d`
// shows it. Wrap and Unwrap are that outside, Writer and Reader the content. Reader
// trusts nothing: a file that is cut, altered, of somebody else or of a newer form
// is refused with words that say so, and nothing counts before the digest at its end
// was compared.
package backup
