import { describe, expect, it } from 'vitest';
import { brokenBy, endedBy } from '../../../../lib/adapters/http/failure.ts';

function coded(code: string): Error {
  return Object.assign(new Error('connect https://user:secret@shop.example/?token=secret'), { code });
}

describe('brokenBy', () => {
  it.each(['ECONNREFUSED', 'HPE_INVALID_CONSTANT', 'CERT_HAS_EXPIRED', 'SOMETHING_NEW'])(
    'tells nothing of the message of %s, only its code',
    (code) => {
      const { reason } = brokenBy(coded(code));
      expect(reason).toContain(`(${code})`);
      expect(reason).not.toContain('secret');
    },
  );

  it.each(['EMFILE', 'EAI_AGAIN', 'EADDRNOTAVAIL'])('takes %s upon our side', (code) => {
    expect(brokenBy(coded(code)).isOurs).toBe(true);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'EPROTO'])(
    'holds %s against the system',
    (code) => {
      expect(brokenBy(coded(code)).isOurs).toBe(false);
    },
  );

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS refused'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS refused'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'TLS refused'],
    ['HPE_HEADER_OVERFLOW', 'answer is not valid HTTP'],
    ['ENOTFOUND', 'host name not found'],
  ])('says %s in words', (code, words) => {
    expect(brokenBy(coded(code)).reason).toBe(`${words} (${code})`);
  });
});

describe('endedBy', () => {
  it('tells a time limit from a stop', () => {
    const timeout = AbortSignal.abort(new DOMException('', 'TimeoutError'));
    expect(endedBy(timeout, 20)).toEqual({
      kind: 'timed-out',
      reason: 'no complete answer after 20 ms',
      isOurs: false,
    });
    expect(endedBy(AbortSignal.abort(), 20)).toMatchObject({ kind: 'stopped', isOurs: true });
  });
});
