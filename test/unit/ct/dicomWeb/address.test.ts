/** Addresses that carry a login are refused, told why, and never repeated. */
import { describe, expect, it } from 'vitest';
import { isWebAddress, parseWebAddress } from '../../../../src/kernel/ct/dicomWeb/address.ts';

const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2VjcmV0';
const SECRET = 'S3CRET';

describe('a login in an address', () => {
  it.each([
    `https://u:${SECRET}@pacs/rs/`,
    `https://${SECRET}@pacs/rs/`,
    `https:u:${SECRET}@pacs/rs/`,
    ...[
      'X-Amz-Signature',
      'x-amz-security-token',
      'X%2DAmz%2DCredential',
      'X-Goog-Signature',
      'x-oss-signature',
      'AWSAccessKeyId',
      'OSSAccessKeyId',
      'GoogleAccessId',
      'Signature',
      'sig',
      'token',
      'access_token',
      'id_token',
      'api_key',
      'apikey',
      'X-API-Key',
      'key',
      'subscription-key',
      'Key-Pair-Id',
      'password',
      'client_secret',
      'authorization',
      'sessionid',
    ].flatMap((term) => [
      `https://pacs/rs/studies?PatientID=7&${term}=${SECRET}`,
      `https://pacs/rs/studies/1.2.3#${term}=${SECRET}`,
      `https://pacs/rs;${term}=${SECRET}/studies`,
      `https://pacs/${term}=${SECRET}/studies`,
    ]),
    `https://pacs/rs/?sv=2024-01-01&sp=r&sig=${SECRET}`,
    `https://pacs/rs/?q=${TOKEN}`,
    `https://pacs/${TOKEN}/rs/studies`,
    `https://pacs/rs/studies#${TOKEN}`,
    `https://pacs/AKIAIOSFODNN7EXAMPLE/rs/`,
    `https://pacs/rs/?a=Bearer%20${SECRET}`,
  ])('%s', (address) => {
    expect(isWebAddress(address)).toBe(true);
    const error = (() => {
      try {
        parseWebAddress(address);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'login-in-address' });
    expect(String(error)).not.toMatch(new RegExp(`${SECRET}|${TOKEN}|AKIA`));
  });

  it.each([
    'https://pacs.example.org/dicom-web/studies/1.2.3',
    'https://pacs/dicom-web/studies/1.2.3/series/1.2.3.4',
    'https://pacs:8443/dcm4chee-arc/aets/DCM4CHEE/rs/',
    'https://pacs/rs/?PatientID=7&StudyDate=20240101-20240131&ModalitiesInStudy=CT&limit=10',
    'https://pacs/rs/?00100020=7&includefield=00081030&fuzzymatching=true&AccessionNumber=123',
    'https://healthcare.googleapis.com/v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2',
    'https://pacs/keys/tokens/rs/?InstitutionCodeSequence=1&CodeValue=R-1&PatientName=Key*',
    'http://pacs/rs/?StudyDescription=basic',
  ])('is none in %s', (address) => {
    expect(parseWebAddress(address).root).toMatch(/^https?:/);
  });
});
