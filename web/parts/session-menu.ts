import { forgetKey, getSession } from '../api/request.js';
import { element, fill } from '../dom.js';

/** Whose key this browser keeps, with a way to forget it; nothing where no key is needed. */
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
  // Where the API is away, all of the page says so.
  show().catch(() => undefined);
  return root;
}

async function signOut(): Promise<void> {
  try {
    await forgetKey();
  } finally {
    location.reload(); // what the key has shown goes as well
  }
}
