package api

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// proxies are the networks whose forwarding headers are believed.
type proxies []netip.Prefix

func parseProxies(texts []string) (proxies, error) {
	var p proxies
	for _, text := range texts {
		if address, err := netip.ParseAddr(text); err == nil {
			p = append(p, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is neither an address nor a network", text)
		}
		p = append(p, network.Masked())
	}
	return p, nil
}

func (p proxies) trusts(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// client gives the client's address and whether its connection is encrypted. Forwarding headers
// count only from a trusted proxy; in X-Forwarded-For the last address that is no trusted proxy is
// the client, for everything left of it is the client's own word.
func (p proxies) client(c *fiber.Ctx) (address string, secure bool) {
	peer := peerAddress(c)
	if len(p) == 0 || !p.trusts(peer) {
		return peer.Unmap().String(), c.Context().IsTLS()
	}
	secure = c.Context().IsTLS() || strings.EqualFold(c.Get("X-Forwarded-Proto"), "https")
	hops := strings.Split(c.Get("X-Forwarded-For"), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		peer = hop
		if !p.trusts(hop) {
			break
		}
	}
	return peer.Unmap().String(), secure
}

func peerAddress(c *fiber.Ctx) netip.Addr {
	peer, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return peer.Unmap()
}
