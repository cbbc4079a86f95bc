package exam

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A serial is "ORG-2026-XXXX-XXXX-XXXXC": the code of the organisation, the year, twelve signs that nobody can guess
// (60 bits of an HMAC over quiz, member and number), and a check sign. This file alone knows how it is written and read.

// serialSigns are the signs of serials: digits, and letters that are not mistaken for them (Crockford's base 32).
const serialSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// serial makes the serial of a member's certificate; try is 0 but where the serial of another member is taken. Of the
// signs that follow from these the first are taken whose check sign is one of serialSigns too.
func serial(key []byte, orgCode string, year int, quizID, memberID string, number, try int) string {
	for {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "certificate\x00%s\x00%s\x00%d\x00%d", quizID, memberID, number, try)
		bits := binary.BigEndian.Uint64(mac.Sum(nil))
		random := make([]byte, 12)
		for i := range random {
			random[i] = serialSigns[bits&31]
			bits >>= 5
		}
		body := serialBody(serialCode(orgCode), fmt.Sprintf("%04d", year), string(random))
		if check := checkSign(body); strings.IndexByte(serialSigns, check) >= 0 {
			return body + string(check)
		}
		try += 1 << 20
	}
}

func serialBody(code, year, random string) string {
	return fmt.Sprintf("%s-%s-%s-%s-%s", code, year, random[:4], random[4:8], random[8:])
}

// maxSerialCode is how long the code of an organisation may be in a serial.
const maxSerialCode = 12

// serialCode makes the code of an organisation fit for a serial: up to 12 letters and digits; QM where it has none.
func serialCode(code string) string {
	code = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(code))
	if code == "" {
		return "QM"
	}
	return code[:min(len(code), maxSerialCode)]
}

// checkAlphabet is that of ISO/IEC 7064, MOD 37,36.
const checkAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// checkSign gives the check sign of a serial by ISO/IEC 7064, MOD 37,36: it finds every wrong sign and every two
// that changed places, but for one in 37 of the latter. Dashes do not count.
func checkSign(body string) byte {
	check := len(checkAlphabet)
	for _, r := range body {
		n := strings.IndexRune(checkAlphabet, r)
		if n < 0 {
			continue
		}
		check = (check + n) % 36
		if check == 0 {
			check = 36
		}
		check = check * 2 % 37
	}
	return checkAlphabet[(37-check)%36]
}

// serialsOf reads a serial as people type it: in any case and width, with or without hyphens, O for 0, I or L for 1. It
// gives the serials in their stored form that it may mean, the likeliest first: one, but where the code of the
// organisation has such signs. None where the check sign does not agree: it was typed wrongly.
func serialsOf(typed string) []string {
	if utf8.RuneCountInString(typed) > 64 {
		return nil
	}
	signs := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == '−' {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(typed))
	n := len(signs) - len("2026XXXXXXXXXXXXC")
	if n < 1 || n > maxSerialCode || strings.Trim(signs, checkAlphabet) != "" {
		return nil
	}
	year, random, check := digits.Replace(signs[n:n+4]), digits.Replace(signs[n+4:n+16]), signs[n+16:]
	var list []string
	for _, code := range alikes(signs[:n]) {
		body := serialBody(code, year, random)
		if sign := string(checkSign(body)); digits.Replace(sign) == digits.Replace(check) {
			list = append(list, body+sign)
		}
	}
	return list
}

// digits takes letters for the digits that they look like.
var digits = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// maxAlikes bounds what alikes tries.
const maxAlikes = 256

// alikes gives the codes that look like one, itself first.
func alikes(code string) []string {
	list := []string{""}
	for _, sign := range strings.Split(code, "") {
		group := sign
		for _, alike := range []string{"0O", "1IL"} {
			if strings.Contains(alike, sign) && len(list)*len(alike) <= maxAlikes {
				group += strings.ReplaceAll(alike, sign, "")
			}
		}
		next := make([]string, 0, len(list)*len(group))
		for i := range group {
			for _, head := range list {
				next = append(next, head+group[i:i+1])
			}
		}
		list = next
	}
	return list
}
