// An OpenID Connect provider on loopback: signs in whoever gives a name that stands in the accounts file, with the claims there.
import { readFileSync } from "node:fs";
import Provider from "oidc-provider";

const [port, file] = process.argv.slice(2);
const settings = () => JSON.parse(readFileSync(file, "utf8"));

const { client, accounts: _ } = settings();
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client],
  clientAuthMethods: [client.token_endpoint_auth_method],
  claims: { openid: ["sub"], profile: ["preferred_username", "groups"], email: ["email"] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  async findAccount(_context, id) {
    const claims = settings().accounts[id];
    return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) };
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
