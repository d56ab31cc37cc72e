// The viewer of /openapi.json. https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/
SwaggerUIBundle({
  dom_id: "#viewer",
  url: "/openapi.json",
  // The badge would send the description's address to another host.
  validatorUrl: null,
  // Addresses in the page's own query must not choose what it shows.
  queryConfigEnabled: false,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // A token typed here is gone with the page.
  persistAuthorization: false,
});
