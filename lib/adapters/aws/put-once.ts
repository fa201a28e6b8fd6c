import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TransientFault } from '../../drill/errors.ts';

/** Where receipts and probe series are kept. */
export interface Archive {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** Write-once: what is there stays as it is, whoever puts it again. */
export async function putOnce(
  { s3, bucket }: Archive,
  key: string,
  body: string,
  type = 'application/json',
): Promise<void> {
  try {
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type, IfNoneMatch: '*' }),
    );
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'PreconditionFailed') return;
    // Somebody else puts the same object at this moment.
    if (name === 'ConditionalRequestConflict') throw new TransientFault(message, { cause: error });
    throw error;
  }
}
