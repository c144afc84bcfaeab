# Replace the bucket with what the module is for. The account in the name: bucket names are global.
resource "aws_s3_bucket" "this" {
  bucket = "${var.name_prefix}-{{module}}-${var.account_id}"
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
