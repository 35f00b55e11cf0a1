// verify.mjs CODE.txt ISSUER CA.pem verified [TEXT…]: the card verifies by the keys at the issuer,
// and its content holds each of the texts. … refused: it must not verify.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { inflateRawSync } from 'node:zlib';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';

const [file, issuer, authority, wanted, ...texts] = process.argv.slice(2);

const require = (truth, what) => {
  if (truth) return;
  console.error(`verify.mjs: ${what}`);
  process.exit(1);
};

const fetched = (url) =>
  new Promise((resolve, reject) => {
    https
      .get(url, { ca: readFileSync(authority) }, (answer) => {
        let body = '';
        answer.on('data', (part) => (body += part));
        answer.on('end', () => resolve({ headers: answer.headers, body }));
      })
      .on('error', reject);
  });

const code = readFileSync(file, 'utf8').trim();
require(/^shc:\/(\d\d)+$/.test(code), 'the code is no card in one part');
const jws = code
  .slice('shc:/'.length)
  .match(/\d\d/g)
  .map((pair) => String.fromCharCode(Number(pair) + 45))
  .join('');
require(jws.length <= 1195, 'the card is too long for one code');
const payload = JSON.parse(inflateRawSync(Buffer.from(jws.split('.')[1], 'base64url')));
require(payload.iss === issuer, 'the card names another issuer');

const { headers, body } = await fetched(`${payload.iss}/.well-known/jwks.json`);
require(headers['access-control-allow-origin'] === '*', 'pages of others may not read the keys');
const keys = createLocalJWKSet(JSON.parse(body));
const verifies = (text) =>
  compactVerify(text, keys, { algorithms: ['ES256'] }).then(
    () => true,
    () => false,
  );

if (wanted === 'refused') {
  require(!(await verifies(jws)), 'a card of a machine that was shut out verifies');
  process.exit(0);
}
require(await verifies(jws), 'the card does not verify');
const last = jws.at(-10);
const changed = jws.slice(0, -10) + (last === 'A' ? 'B' : 'A') + jws.slice(-9);
require(!(await verifies(changed)), 'a changed card verifies');

const { alg, zip, kid } = decodeProtectedHeader(jws);
require(alg === 'ES256' && zip === 'DEF' && kid === JSON.parse(body).keys[0].kid, 'a wrong header');
require(payload.nbf <= Date.now() / 1000, 'the card is of a later time');
require(
  ['#health-card', '#immunization'].every((type) =>
    payload.vc.type.includes(`https://smarthealth.cards${type}`),
  ),
  'the card is of another type',
);
const bundle = payload.vc.credentialSubject.fhirBundle;
const [patient, ...doses] = bundle.entry.map((entry) => entry.resource);
require(patient.resourceType === 'Patient' && doses.length === 2, 'not a woman and two doses');
require(
  doses.every((dose) => dose.resourceType === 'Immunization' && dose.status === 'completed'),
  'not all are doses that were given',
);
const content = JSON.stringify(bundle);
for (const text of texts) require(content.includes(text), 'something of the card is missing');
