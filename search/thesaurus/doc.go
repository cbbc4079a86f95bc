// Package thesaurus keeps the synonyms of organisations (同义词): groups of words that mean the same wherever texts
// are compared or looked for, in short answers and in the search of the knowledge base alike. An organisation has its own
// groups and those of the organisations above it. It knows neither questions nor articles.
package thesaurus
