import type { Session } from './session.ts';

/** Ends the session whatever comes of its use. */
export async function closing<Answer>(
  session: Session,
  use: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await use(session);
  } finally {
    await session.end();
  }
}
