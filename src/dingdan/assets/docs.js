// Shows the API description. Apart from the page, so that the page can forbid every inline script.
SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
  syntaxHighlight: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
