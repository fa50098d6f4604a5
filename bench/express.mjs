// What Hufu's reading of a user is measured against: Express, node's usual PostgreSQL client, one query, no checks.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../e2e/package.json', import.meta.url));
const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DB_URL, max: 8 });
const app = express();
app.disable('x-powered-by');
app.get('/users/:id', async (request, response) => {
  const { rows } = await pool.query({
    name: 'user',
    text: "SELECT * FROM users WHERE tenant_id = 'default' AND id = $1",
    values: [request.params.id],
  });
  if (rows.length === 0) return response.status(404).json({ code: 'entity.not_found' });
  const { tenant_id: _, password: __, ...user } = rows[0];
  response.json(user);
});
app.listen(Number(process.env.PORT), '127.0.0.1');
