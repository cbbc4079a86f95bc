// Package finder finds things for people: it joins the index with what may be found, and asks it in the words of an
// actor's organisation for what that actor may see. Each process has an index of its own.
package finder
