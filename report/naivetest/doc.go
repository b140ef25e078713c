// Package naivetest is a second judge, for tests only.
package naivetest
