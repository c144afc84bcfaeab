import { expect, test } from 'vitest';
import { certificateStep, judgeCertificates } from '../../../src/steps/certificate.ts';
import { deadlineIn } from '../../../src/steps/deadline.ts';
import { certificateSchema } from '../../../src/tools/kubernetes/objects/certificate.ts';
import { fakeKubectl } from '../support/fake-kubectl.ts';
import { fixture } from '../support/fixture.ts';
import { recorded, shown, stepScene } from '../support/step-scene.ts';

const certificates = recorded(certificateSchema, 'certificates');
const only = (...names: string[]) =>
  certificates.filter(({ metadata }) => names.includes(metadata.name));
const good = 'istio-ingress/good';

test.each([
  [['good'], [good], 'passed: 1 of 1 Certificates issued'],
  [[], [good], `waiting: 1 of 1 Certificates not there: ${good}`],
  [[], [], 'waiting: there is no Certificate'],
  [
    ['good', 'bad', 'fresh'],
    [],
    'waiting: 2 of 3 Certificates not issued: istio-ingress/bad (Issuing certificate as Secret does not exist), istio-ingress/fresh (no status yet)',
  ],
])('%j there, %j wanted: %s', (there, names, expected) => {
  expect(shown(judgeCertificates(only(...there), names))).toBe(expected);
});

test('without the CRD it says so, and not that a certificate is missing', async () => {
  const stderr = fixture('kubernetes/1.36.3/no-such-kind.stderr');
  const scene = stepScene({ kubectl: fakeKubectl(() => ({ stderr })) });
  expect(
    await certificateStep.run(scene, { certificates: [good] }, deadlineIn(scene.clock, 0)),
  ).toMatchObject({
    kind: 'failed',
    failure: {
      summary:
        'the CRD certificates.cert-manager.io is not there: is cert-manager installed? (waited 0 s)',
    },
  });
});
