// Runs requests through an AWS SDK for JavaScript: `node sdk.js 2|3 ENDPOINT`, with requests as a
// JSON array on standard input and what became of each on standard output.
"use strict";

const ENDPOINT = process.argv[3];
const CREDENTIALS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

function version2() {
  const { CloudSearchDomain } = require("aws-sdk/clients/all");
  const client = new CloudSearchDomain({ endpoint: ENDPOINT, region: "us-east-1", credentials: CREDENTIALS });
  return (operation, parameters) => client[operation](parameters).promise();
}

function version3() {
  const sdk = require("@aws-sdk/client-cloudsearch-domain");
  const client = new sdk.CloudSearchDomainClient({ endpoint: ENDPOINT, region: "us-east-1", credentials: CREDENTIALS });
  const commands = { search: sdk.SearchCommand, suggest: sdk.SuggestCommand, uploadDocuments: sdk.UploadDocumentsCommand };
  return (operation, parameters) => client.send(new commands[operation](parameters));
}

async function main() {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  const send = process.argv[2] === "2" ? version2() : version3();
  const outcomes = [];
  for (const { operation, parameters } of JSON.parse(text)) {
    try {
      outcomes.push({ answer: await send(operation, parameters) });
    } catch (error) {
      const status = error.statusCode ?? error.$metadata?.httpStatusCode;
      outcomes.push({ error: { name: error.name, message: error.message, status, attempts: error.$metadata?.attempts } });
    }
  }
  process.stdout.write(JSON.stringify(outcomes));
}

main();
