import type { LogFormat } from '../../model/reader.ts'
import { adguardHome } from './formats/adguard-home.ts'
import { awsVpcFlow } from './formats/aws-vpc-flow.ts'
import { azureNsgFlow } from './formats/azure-nsg-flow.ts'
import { barracudaCloudgen } from './formats/barracuda-cloudgen.ts'
import { barracudaWaf } from './formats/barracuda-waf.ts'
import { barracudaWeb } from './formats/barracuda-web.ts'
import { bind } from './formats/bind.ts'
import { bluecoat } from './formats/bluecoat.ts'
import { cato } from './formats/cato.ts'
import { cef } from './formats/cef.ts'
import { checkPoint } from './formats/check-point.ts'
import { ciscoAsa } from './formats/cisco-asa.ts'
import { ciscoIse } from './formats/cisco-ise.ts'
import { ciscoMeraki } from './formats/cisco-meraki.ts'
import { ciscoUmbrella } from './formats/cisco-umbrella.ts'
import { ciscoWsa } from './formats/cisco-wsa.ts'
import { clavister } from './formats/clavister.ts'
import { cloudflareGateway } from './formats/cloudflare-gateway.ts'
import { coredns } from './formats/coredns.ts'
import { dnsmasq } from './formats/dnsmasq.ts'
import { dnstap } from './formats/dnstap.ts'
import { efficientip } from './formats/efficientip.ts'
import { envoy } from './formats/envoy.ts'
import { f5Apm } from './formats/f5-apm.ts'
import { forcepoint } from './formats/forcepoint.ts'
import { forcepointNgfw } from './formats/forcepoint-ngfw.ts'
import { forcepointReport } from './formats/forcepoint-report.ts'
import { forticlient } from './formats/forticlient.ts'
import { fortigate } from './formats/fortigate.ts'
import { freeradius } from './formats/freeradius.ts'
import { gcpVpcFlow } from './formats/gcp-vpc-flow.ts'
import { haproxy } from './formats/haproxy.ts'
import { httpAccess } from './formats/http-access.ts'
import { httpVhost } from './formats/http-vhost.ts'
import { iFilter } from './formats/i-filter.ts'
import { iboss } from './formats/iboss.ts'
import { infoblox } from './formats/infoblox.ts'
import { iosAppPrivacy } from './formats/ios-app-privacy.ts'
import { iscDhcp } from './formats/isc-dhcp.ts'
import { ivanti } from './formats/ivanti.ts'
import { jamf } from './formats/jamf.ts'
import { juniperSrx } from './formats/juniper-srx.ts'
import { juniperSsg } from './formats/juniper-ssg.ts'
import { kea } from './formats/kea.ts'
import { leef } from './formats/leef.ts'
import { menlo } from './formats/menlo.ts'
import { microsoftDefender } from './formats/microsoft-defender.ts'
import { microsoftDns } from './formats/microsoft-dns.ts'
import { microsoftIis } from './formats/microsoft-iis.ts'
import { microsoftTmg } from './formats/microsoft-tmg.ts'
import { mikrotik } from './formats/mikrotik.ts'
import { netfilter } from './formats/netfilter.ts'
import { netskope } from './formats/netskope.ts'
import { nfdump } from './formats/nfdump.ts'
import { nginx } from './formats/nginx.ts'
import { olfeo } from './formats/olfeo.ts'
import { openbsdPf } from './formats/openbsd-pf.ts'
import { openvpn } from './formats/openvpn.ts'
import { paloAlto } from './formats/palo-alto.ts'
import { pcapdroid } from './formats/pcapdroid.ts'
import { pfsense } from './formats/pfsense.ts'
import { powerdns } from './formats/powerdns.ts'
import { route53 } from './formats/route53.ts'
import { skyhigh } from './formats/skyhigh.ts'
import { sonicwall } from './formats/sonicwall.ts'
import { sophosFirewall } from './formats/sophos-firewall.ts'
import { sophosUtm } from './formats/sophos-utm.ts'
import { squidCommon } from './formats/squid-common.ts'
import { squidNative } from './formats/squid-native.ts'
import { stormshield } from './formats/stormshield.ts'
import { strongswan } from './formats/strongswan.ts'
import { suricataEve } from './formats/suricata-eve.ts'
import { sysmon } from './formats/sysmon.ts'
import { traefik } from './formats/traefik.ts'
import { unbound } from './formats/unbound.ts'
import { w3c } from './formats/w3c.ts'
import { watchguard } from './formats/watchguard.ts'
import { windowsDhcp } from './formats/windows-dhcp.ts'
import { windowsVpn } from './formats/windows-vpn.ts'
import { wireguard } from './formats/wireguard.ts'
import { zeekConn } from './formats/zeek-conn.ts'
import { zeekDhcp } from './formats/zeek-dhcp.ts'
import { zeekDns } from './formats/zeek-dns.ts'
import { zeekHttp } from './formats/zeek-http.ts'
import { zeekQuic } from './formats/zeek-quic.ts'
import { zeekSsl } from './formats/zeek-ssl.ts'
import { zeekTunnel } from './formats/zeek-tunnel.ts'
import { zscaler } from './formats/zscaler.ts'
import { zscalerZpa } from './formats/zscaler-zpa.ts'

/** Every log format that is read; a new one is a file in formats/ and a line here. */
export const logFormats: readonly LogFormat[] = [
  squidNative,
  squidCommon,
  zeekDns,
  zeekSsl,
  suricataEve,
  fortigate,
  forticlient,
  paloAlto,
  adguardHome,
  bind,
  coredns,
  dnsmasq,
  efficientip,
  infoblox,
  microsoftDns,
  powerdns,
  route53,
  unbound,
  bluecoat,
  cato,
  ciscoUmbrella,
  ciscoWsa,
  cloudflareGateway,
  forcepoint,
  forcepointNgfw,
  forcepointReport,
  iFilter,
  iboss,
  menlo,
  microsoftIis,
  microsoftTmg,
  netskope,
  olfeo,
  skyhigh,
  ciscoAsa,
  zscaler,
  ciscoMeraki,
  zeekHttp,
  zeekQuic,
  zeekConn,
  zeekTunnel,
  zeekDhcp,
  awsVpcFlow,
  azureNsgFlow,
  gcpVpcFlow,
  nfdump,
  sysmon,
  microsoftDefender,
  pcapdroid,
  iosAppPrivacy,
  jamf,
  iscDhcp,
  kea,
  windowsDhcp,
  freeradius,
  ciscoIse,
  openvpn,
  strongswan,
  wireguard,
  ivanti,
  f5Apm,
  windowsVpn,
  zscalerZpa,
  barracudaCloudgen,
  barracudaWaf,
  barracudaWeb,
  clavister,
  juniperSrx,
  juniperSsg,
  mikrotik,
  netfilter,
  pfsense,
  sonicwall,
  sophosFirewall,
  sophosUtm,
  stormshield,
  watchguard,
  checkPoint,
  haproxy,
  httpAccess,
  nginx,
  envoy,
  traefik,
  openbsdPf,
  httpVhost,
  cef,
  leef,
  w3c,
  dnstap,
]
