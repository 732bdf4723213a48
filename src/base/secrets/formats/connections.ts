import { isExampleValue } from "../../example-values.ts";
import { marked, type TokenFormat } from "../token-format.ts";

const schemes =
  "postgres:// postgresql:// mysql:// mysql2:// mariadb:// mongodb:// mongodb+srv:// redis:// rediss:// amqp:// amqps:// mssql:// sqlserver:// clickhouse:// cockroachdb:// couchdb:// oracle:// ldap:// ldaps:// ftp:// ftps:// sftp:// smtp:// smtps:// nats:// mqtt:// mqtts:// kafka:// influxdb:// neo4j:// bolt:// cassandra:// snowflake:// trino:// postgresql+psycopg2:// postgresql+asyncpg:// postgresql+psycopg:// mysql+pymysql:// mysql+mysqldb:// mssql+pyodbc:// vertica:// redshift:// elasticsearch://";
const scheme = String.raw`[a-z][a-z0-9+]{1,24}:\/\/`;

export const connections: readonly TokenFormat[] = [
  marked(
    "connection-string",
    "connection string with a password",
    schemes,
    0,
    String.raw`(?<![A-Za-z0-9+])${scheme}[^\s:/@"'\`<>{}$()[\]|,]{0,80}:(?<secret>[^\s/@"'\`<>{}$()[\]\\|,]{4,150})@[^\s/"'\`<>{}()[\]|\\]{1,200}`,
    {
      isRealInTests: false,
      judge: (match, secret) => isSomewhere(match.slice(match.lastIndexOf("@") + 1)) && isPassword(secret),
    },
  ),
  marked(
    "web-address-password",
    "address with a password",
    "https://",
    0,
    String.raw`(?<![A-Za-z0-9+])https:\/\/[^\s:/@"'\`<>{}$()[\]|,]{1,80}:(?<secret>[^\s/@"'\`<>{}$()[\]\\|,]{8,150})@[^\s/"'\`<>{}()[\]|\\]{4,200}`,
    {
      isRealInTests: false,
      judge: (match, secret) =>
        isSomewhere(match.slice(match.lastIndexOf("@") + 1)) &&
        isPassword(secret) &&
        /\d/.test(secret) &&
        /[a-z]/i.test(secret),
    },
  ),
  marked(
    "ado-connection-string",
    "connection string with a password",
    "Server= server= Host= host=",
    0,
    String.raw`(?:[Ss]erver|Data [Ss]ource|[Hh]ost)=(?<host>[^;"'\s]{3,120});(?:[\w -]{2,40}=[^;"'\n]{0,120};){0,8}?(?:[Pp]assword|[Pp]wd|PWD)=(?<secret>[^;"'\s]{4,120})`,
    {
      isRealInTests: false,
      judge: (match, secret) => isSomewhere(/=(?:tcp:)?([^;]*)/.exec(match)?.[1] ?? "") && isPassword(secret),
    },
  ),
];

function isPassword(secret: string): boolean {
  const plain = secret.includes("%") ? safeDecode(secret) : secret;
  return !isExampleValue(plain) && !/^[\d.]+$|^[a-z]{1,12}$|[*…]|%[sdv]/i.test(plain);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A host that others can reach: not this machine, not a container next door, not a documented one. */
function isSomewhere(address: string): boolean {
  const host = address.replace(/[,:/?\\].*$/, "").toLowerCase();
  return (
    host.includes(".") &&
    !/^(?:127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|1\.2\.3\.4|1\.1\.1\.1|8\.8\.8\.8)/.test(
      host,
    ) &&
    !/(?:^|\.)(?:example|test|invalid|localhost|local|internal|lan|svc|docker)(?:\.|$)/.test(host) &&
    !/(?:^|[.-])(?:host|hostname|your|my|foo|bar|some|domain|server|acme|abc|xyz|cluster0?|xxx+)(?:[.-]|$)/.test(
      host.replace(/\.[a-z]{2,10}$/, ""),
    ) &&
    !/^[a-z]\.[a-z]{1,3}$|\.{2}|[*%#]/.test(host)
  );
}
