import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TransientFault } from '../../drill/errors.ts';

/** Where receipts and probe series are kept. */
export interface Archive {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** Write-once: the same bytes may be put again by anyone, other bytes never. Answers `there` when the object was put before. */
export async function putOnce(
  { s3, bucket }: Archive,
  key: string,
  body: string,
  type = 'application/json',
): Promise<'written' | 'there'> {
  try {
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type, IfNoneMatch: '*' }),
    );
    return 'written';
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'PreconditionFailed') return 'there';
    // Somebody else puts the same object at this moment.
    if (name === 'ConditionalRequestConflict') throw new TransientFault(message, { cause: error });
    throw error;
  }
}
