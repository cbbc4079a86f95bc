// Package querylog keeps what people look for. The latest searches and the kept ones of an account are its own: nobody
// else reads them. What was looked for in vain is counted for an organisation by its words, and says of nobody who did.
package querylog
