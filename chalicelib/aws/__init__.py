"""AWS, one module for each thing that Hato keeps or asks there; the only place that knows boto3."""
