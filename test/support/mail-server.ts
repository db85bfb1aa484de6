import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A received e-mail. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole message, with its headers. */
  readonly content: string;
}

/** An SMTP server on loopback that needs a password and refuses the recipient `refused@…`. */
export async function startMailServer(user: string, password: string) {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    ...{ authOptional: false, allowInsecureAuth: true, disabledCommands: ['STARTTLS'] },
    onAuth: ({ username, password: given }, _session, done) => {
      if (username === user && given === password) done(null, { user });
      else done(new Error('wrong password'));
    },
    onRcptTo: ({ address }, _session, done) => {
      done(address.startsWith('refused@') ? new Error('no such mailbox') : undefined);
    },
    onData: (stream, { envelope }, done) => {
      void text(stream).then((content) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), content });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on TCP');
  return {
    url: `smtp://${user}:${password}@127.0.0.1:${address.port}`,
    mails,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}
