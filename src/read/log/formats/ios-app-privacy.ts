import { mappedFormat } from '../mapping/format.ts'

/**
 * Apple's App Privacy Report as a device exports it (NDJSON): which app contacted which domain, first and last, in seven
 * days. The file names neither the device nor its user.
 */
export const iosAppPrivacy = mappedFormat({
  name: 'ios-app-privacy',
  title: 'iOS App Privacy Report, NDJSON',
  documentation: 'https://developer.apple.com/documentation/network/privacy_management/inspecting_app_activity_data',
  verified: true,
  attributes: { url: true, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  fields: 'json',
  detect: [{ has: ['domain', 'bundleID', 'timeStamp'], is: { type: 'networkActivity' } }],
  records: [
    {
      when: { type: 'networkActivity' },
      time: [
        { from: 'firstTimeStamp', as: 'iso' },
        { from: 'timeStamp', as: 'iso' },
      ],
      end: { from: 'timeStamp', as: 'iso' },
      device: { value: 'ios-device' },
      name: 'domain',
      application: 'bundleID',
    },
  ],
})
