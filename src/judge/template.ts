/** A policy to start from, explained in its comments; it passes the check as it is. */
export const POLICY_TEMPLATE = `# Policy of offchannel. Check it with \`offchannel policy check policy.yaml\`.

organisation: Department of Examples

# Before this moment nothing is prohibited. A date (midnight) or a time on a quarter-hour, in the time zone.
in-force: 2026-01-01
timezone: Europe/Paris

# Places with their own address plan: 192.168.1.5 at two sites is two clients.
sites:
  - { id: hq, name: Headquarters }

# Where clients are, by their address. Networks may nest: the most specific one counts.
#   kind:  vpn-pool    addresses that the VPN gives to its clients
#          vpn-egress  addresses that the VPN's traffic leaves from
#          perimeter, office, home, guest, mobile
#   scope: managed     only the organisation's own devices
#          mixed       its own and others: who it was cannot be told
#          visitor     others only: no finding is ever made
networks:
  - name: vpn-clients
    kind: vpn-pool
    scope: managed
    cidrs: [10.8.0.0/16, "fd00:8::/48"]
  - name: hq-office
    kind: office
    scope: managed
    site: hq
    cidrs: [10.1.0.0/16]
  - name: hq-guest-wifi
    kind: guest
    scope: visitor
    site: hq
    cidrs: [10.1.200.0/24]

# Where the government VPN ends, as clients reach it. Without gateways no tunnel can be recognised.
gateways:
  - name: vpn-1
    addresses: [203.0.113.10]

# Dropped before anything is kept: only their number is.
exclusions:
  networks: [10.1.99.0/24]
  users: ['EXAMPLE\\counsel']

# Where each sensor or source of logs stands, by a glob on the input's path. The last match counts.
#   vantage: vpn-egress, perimeter, office-lan, access-network, device, resolver, proxy
inputs:
  - match: '**/vpn-egress-*.pcap'
    vantage: vpn-egress
  - match: '**/laptop-*.pcap'
    vantage: device

# What no rule names is permitted. A rule that names an app beats one that names its category.
#   categories: messaging, conferencing, collaboration, social, private-mail, file-sharing, concealment
rules:
  - name: consumer-messaging
    ruling: prohibited
    categories: [messaging, private-mail, file-sharing, concealment]
    reason: Official business is done on systems that keep records
  - name: approved-conferencing
    ruling: permitted
    categories: [conferencing]
    # Add this where the app may go outside the tunnel:
    # split-tunnel: true
`
