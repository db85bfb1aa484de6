import { forgetKey, getSession } from '../api/request.js';
import { element, fill } from '../dom.js';

/** Name of the key in use and a sign-out button; empty if the API requires no keys. */
export function sessionMenu(): HTMLElement {
  const root = element('div', { class: 'session' });
  const show = async () => {
    const { auth, name } = await getSession();
    if (auth === 'none' || name === null) return;
    fill(
      root,
      element('span', { class: 'session-name', title: `Signed in with the key ${name}` }, name),
      element(
        'button',
        { class: 'btn btn-sm btn-outline-secondary', onclick: () => void signOut() },
        'Sign out',
      ),
    );
  };
  show().catch(() => undefined); // the connection strip reports an unavailable API
  return root;
}

async function signOut(): Promise<void> {
  try {
    await forgetKey();
  } finally {
    location.reload(); // also removes data that the key gave access to
  }
}
