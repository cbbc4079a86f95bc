// Package wordlist keeps the words that an organisation does not let stand, or wants looked at, in what it
// publishes: wrong names and titles of leaders, forbidden and outdated terms. It finds the places of a text where
// they stand.
//
// Words: an entry is a word with what follows from it; an exception is a longer wording in which the word is right;
// a hit is a place of a text. Marks of secrecy (绝密★, 机密★, 秘密★) are refused everywhere, by nobody's list: no
// state secret may be in the system (保守国家秘密法 2024, section 31).
package wordlist
