import { csv } from './csv.ts'
import { ecs } from './ecs.ts'
import type { ExportFormat } from './export-format.ts'
import { hosts } from './hosts.ts'
import { ndjson } from './ndjson.ts'
import { ocsf } from './ocsf.ts'
import { rpz } from './rpz.ts'
import { stix } from './stix.ts'
import { suricata } from './suricata.ts'
import { xlsx } from './xlsx.ts'

/** All formats that `offchannel export` writes, as help lists them. */
export const exportFormats: readonly ExportFormat[] = [csv, xlsx, ndjson, stix, ecs, ocsf, hosts, rpz, suricata]
