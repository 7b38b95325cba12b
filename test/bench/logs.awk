# Counts how often each client reached a host of a list, in Squid's native log; prints clients and requests.
#
#   mawk -f test/bench/logs.awk NAMES LOG
#
# A name of NAMES stands for all names under it as well; each host is looked up once.
NR == FNR { names[$1]; next }
{
  host = $7
  sub(/^[a-z]+:\/\//, "", host)
  sub(/[:\/?].*/, "", host)
  if (!(host in known)) {
    known[host] = 0
    for (name = host; name != ""; name = substr(name, dot + 1)) {
      if (name in names) { known[host] = 1; break }
      dot = index(name, ".")
      if (dot == 0) break
    }
  }
  if (known[host]) { clients[$3]++; requests++ }
}
END {
  for (client in clients) count++
  print count "," requests
}
